import type { CommandOf, LayerCommand, PixelCommand } from '../../preload/contract/command.ts'
import type { Document } from '../../preload/contract/document.ts'
import type { LayerId } from '../../preload/contract/ids.ts'

/** What the history panel calls a change; jobs have words of their own. `document` is the one before it. */
export function labelOf(command: LayerCommand | PixelCommand, document: Document): string {
  const name = (id: LayerId) => document.layers.find((layer) => layer.id === id)?.name ?? 'layer'
  switch (command.type) {
    case 'layer.add':
      return command.name ? `Add ${command.name}` : 'Add layer'
    case 'layer.duplicate':
      return `Duplicate ${name(command.layer)}`
    case 'layer.remove':
      return `Delete ${name(command.layer)}`
    case 'layer.reorder':
      return `Reorder ${name(command.layer)}`
    case 'layer.set':
      return labelOfChange(command.change, name(command.layer))
    case 'layer.translate':
      return `Move ${name(command.layer)}`
    case 'document.frame':
      return `Frame ${command.width} × ${command.height}`
    case 'mask.add':
      return command.rest === 0 ? 'Add mask, hiding all' : 'Add mask'
    case 'mask.set':
      return command.enabled ? 'Mask on' : 'Mask off'
    case 'mask.remove':
      return 'Remove mask'
    case 'stroke.paint':
      if (command.target === 'mask') return command.brush.erase ? 'Mask brush, hide' : 'Mask brush'
      return command.brush.erase ? 'Eraser' : 'Brush'
    case 'picture.place':
      return `Place ${command.name}`
    default:
      return command satisfies never
  }
}

function labelOfChange(change: CommandOf<'layer.set'>['change'], name: string): string {
  const { visible, locked, opacity, blend } = change
  if (Object.values(change).filter((value) => value !== undefined).length > 1) return `Change ${name}`
  if (change.name !== undefined) return `Rename to ${change.name}`
  if (visible !== undefined) return visible ? `Show ${name}` : `Hide ${name}`
  if (locked !== undefined) return locked ? `Lock ${name}` : `Unlock ${name}`
  if (opacity !== undefined) return `Opacity ${Math.round(opacity * 100)} %`
  const words = (blend ?? 'normal').replace('-', ' ')
  return `Blend mode ${words}`
}
