import type { Shell } from 'electron'
import type { StudioHandle } from '../../studio/handle.ts'

/** Opens the paper of a method in the system's browser, and nothing else: an address the catalogue does not name goes nowhere. */
export async function openPaper(shell: Shell, { service }: StudioHandle, address: string): Promise<void> {
  const { methods } = await service.catalog({}, new AbortController().signal)
  if (methods.some(({ paper }) => paper.link === address)) await shell.openExternal(address)
}
