// What a replay is asked for.
import type { LedgerName, Platform } from '../config/config.ts'
import type { Migration } from '../ledger/folder.ts'
import type { Deployer, SessionSettings } from './fresh-session.ts'
import type { ExtensionName } from './replay-baseline.ts'

export type ReplayRequest = {
  /** Major of the live server: text differs between majors. */
  major: number
  /** In the order in which they were applied. */
  migrations: readonly Migration[]
  /** Left out of the catalog. null: the usual ones. */
  ledger: LedgerName | null
  /** Roles of the live server. */
  roles: readonly string[]
  /**
   * Extensions of the live database: a migration may make one only where it is to be had, or lean on one without making it. undefined:
   * there is no live database.
   */
  extensions?: readonly ExtensionName[] | undefined
  /** True: roles that migrations make were on the live server before them, as those of another database are. */
  rolesBefore?: boolean
  /** True: the extensions of the live database that migrations only name, and what its platform has, were there before them. */
  lent?: boolean
  /** How many of the migrations each deploy ran; without it, each is a deploy of its own as far as that works. */
  deploys?: readonly number[]
  /** Who ran them, where that was no superuser: what it may not do, a migration may go on without. */
  deployer?: Deployer
  /** True: what fails for the rows that there are, or are not, is done without. The catalog is only right where it is what is there. */
  withoutData?: boolean
  /** What its sessions began with. */
  settings?: SessionSettings
  /** Schemas of the live database that no migration makes, and its sessions look into. */
  schemas?: readonly string[]
  /** Default: the one that the roles belong to. */
  platform?: Platform | 'none'
}
