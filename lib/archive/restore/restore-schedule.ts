// Which task is next: pop_next_work_item and move_to_ready_heap of PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c.
import { PASSES, type RestoreTask } from './restore-tasks.ts'

/** Counts down from here, and so never comes to 0. */
const BEGUN_TOO_EARLY = -1

/** Hands out tasks as what they wait for is done. Two tasks of which one locks what the other uses never run together. */
export class RestoreSchedule {
  readonly #compare: (one: RestoreTask, other: RestoreTask) => number
  /** How many tasks each waits for, and who waits for an entry. */
  readonly #waitsFor = new Map<RestoreTask, number>()
  readonly #waiters = new Map<number, RestoreTask[]>()
  readonly #running = new Set<RestoreTask>()
  #ready: RestoreTask[] = []
  #pass = 0

  /** `largestFirst`: for several at work; one alone keeps the order of the archive. */
  constructor(tasks: readonly RestoreTask[], options: { largestFirst: boolean }) {
    this.#compare = options.largestFirst
      ? (one, other) => other.weight - one.weight || one.place - other.place
      : (one, other) => one.place - other.place
    const pending = new Set(tasks.flatMap(({ ids }) => ids))
    for (const task of tasks) {
      const awaited = task.needs.filter((id) => pending.has(id))
      this.#waitsFor.set(task, awaited.length)
      for (const id of awaited) {
        const waiters = this.#waiters.get(id)
        if (waiters === undefined) this.#waiters.set(id, [task])
        else waiters.push(task)
      }
    }
    this.#collectReady()
  }

  /** Tasks that are not done. */
  get left(): number {
    return this.#waitsFor.size
  }

  /** The next task, which is running from now on; undefined while there is none that may run beside the others. */
  next(): RestoreTask | undefined {
    const index = this.#ready.findIndex((task) => !this.#conflicts(task))
    const [task] = index === -1 ? [] : this.#ready.splice(index, 1)
    if (task !== undefined) this.#running.add(task)
    return task
  }

  /** Says that an entry is there, also before the whole of its task is done. */
  made(id: number): void {
    for (const waiter of this.#waiters.get(id) ?? []) {
      const before = this.#waitsFor.get(waiter)
      // Done before its turn, in a circle.
      if (before === undefined) continue
      const left = before - 1
      this.#waitsFor.set(waiter, left)
      if (left === 0 && waiter.pass === PASSES[this.#pass]) this.#insert(waiter)
    }
    this.#waiters.delete(id)
  }

  finish(task: RestoreTask): void {
    this.#running.delete(task)
    this.#waitsFor.delete(task)
    for (const id of task.ids) this.made(id)
    if (this.#running.size === 0 && this.#ready.length === 0) this.#collectReady()
  }

  /** What is ready of this pass, or of the next where this one is through. */
  #collectReady(): void {
    for (; this.#pass < PASSES.length; this.#pass++) {
      const ofPass = [...this.#waitsFor.keys()].filter(({ pass }) => pass === PASSES[this.#pass])
      if (ofPass.length === 0) continue
      const ready = ofPass.filter((task) => this.#waitsFor.get(task) === 0)
      // In a circle nobody would begin: the order of the archive decides, as in restore_toc_entries_postfork.
      const [first] = ofPass.toSorted((one, other) => one.place - other.place)
      if (ready.length > 0 || first === undefined) {
        this.#ready = ready.toSorted(this.#compare)
      } else {
        this.#ready = [first]
        this.#waitsFor.set(first, BEGUN_TOO_EARLY)
      }
      return
    }
  }

  #insert(task: RestoreTask): void {
    let low = 0
    let high = this.#ready.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#compare(this.#ready[middle] as RestoreTask, task) <= 0) low = middle + 1
      else high = middle
    }
    this.#ready.splice(low, 0, task)
  }

  #conflicts(task: RestoreTask): boolean {
    for (const running of this.#running) {
      if (task.locks.some((id) => running.needs.includes(id))) return true
      if (running.locks.some((id) => task.needs.includes(id))) return true
    }
    return false
  }
}
