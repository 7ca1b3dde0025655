import { entryOf } from '../../../main/engine/models/changes.ts'
import { changeRegister } from '../../../main/engine/models/register.ts'

// A program that adds so many places to a list of models, one by one: LIBRARY NAME COUNT.
const [, , library = '', name = '', count = '0'] = process.argv
process.stdout.write('ready\n')
process.stdin.once('data', async () => {
  for (let i = 0; i < Number(count); i++)
    await changeRegister(library, ({ entries, hidden }) => ({ entries: [...entries, entryOf({ path: `/${name}/${i}` })], hidden }))
  process.exit()
})
