// A process of its own: adds one to the number under a key, again and again. Arguments: store folder, key, times.
import { hasCode } from '../../../lib/error.ts'
import { directoryStore } from '../../../lib/store/directory-store.ts'

const [root = '', key = '', times = '0'] = process.argv.slice(2)
const store = directoryStore(root)
for (let done = 0; done < Number(times);) {
  const there = await store.get(key)
  try {
    const next = String(Number(there?.body.toString() ?? 0) + 1)
    await store.put(key, next, there === null ? 'absent' : { etag: there.etag })
    done += 1
  } catch (error) {
    if (!hasCode(error, 'store.conflict')) throw error
  }
}
