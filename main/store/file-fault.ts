import { type FaultError, fault } from '../../preload/contract/fault.ts'

/** What the operating system said about a file, in an artist's words. Anything unforeseen comes back as it was. */
export function fileFault(path: string, thrown: unknown): FaultError | unknown {
  const code = (thrown as NodeJS.ErrnoException | null)?.code
  const cause = { cause: thrown }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fault(
        'missing',
        'The file is not there.',
        `Nothing was found at "${path}".`,
        'Look for it elsewhere, or check the name.',
        cause,
      )
    case 'EISDIR':
      return fault('invalid', 'That is a folder.', `"${path}" is not a file.`, 'Choose a file.', cause)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fault('refused', 'The file may not be used.', `The system does not allow it for "${path}".`, 'Choose another place.', cause)
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return fault('full', 'There is no space left.', `"${path}" could not be written.`, 'Free some space and try again.', cause)
    case 'ENAMETOOLONG':
      return fault('invalid', 'The name is too long.', 'The system cannot hold a file name of this length.', 'Choose a shorter one.', cause)
    case 'ERR_INVALID_ARG_VALUE':
      return fault('invalid', 'That is not a name for a file.', 'It holds characters that no file name can.', 'Choose another one.', cause)
    default:
      return thrown
  }
}
