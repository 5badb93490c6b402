// A process of its own: uploads a key of the given length. Arguments: store folder, key, bytes, and `stop` to stop, with the lock held, before the commit.
import { describeError, hasCode } from '../../../lib/error.ts'
import { withDirectoryLock } from '../../../lib/store/directory-lock.ts'
import { directoryStore } from '../../../lib/store/directory-store.ts'

const [root = '', key = '', bytes = '0', mode = ''] = process.argv.slice(2)
const upload = await directoryStore(root).upload(key)
try {
  for (let left = Number(bytes); left > 0; left -= 65_536) await upload.write(Buffer.alloc(Math.min(left, 65_536), 1))
  if (mode === 'stop') {
    await withDirectoryLock(root, async () => {
      process.stdout.write('written\n')
      await new Promise((resolve) => setTimeout(resolve, 600_000))
    })
  }
  await upload.commit()
} catch (error) {
  await upload.abort()
  process.stdout.write(`${hasCode(error, 'store.unwritable') ? error.code : 'other'}: ${describeError(error)}\n`)
}
