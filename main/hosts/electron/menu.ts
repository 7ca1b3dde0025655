import type { Menu, MenuItemConstructorOptions } from 'electron'

/** Builds the window's menu. Its own items name actions of the page, which knows whether they can be done and owns their keys. */
export function buildMenu(menu: typeof Menu, perform: (action: string) => void, platform: NodeJS.Platform = process.platform): Menu {
  const item = (label: string, action: string, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    // The page listens for the same keys; shown here, they are not taken from a text field that has the focus.
    registerAccelerator: false,
    click: () => perform(action),
  })
  const template: MenuItemConstructorOptions[] = [
    ...(platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        item('New…', 'file.new', 'CmdOrCtrl+N'),
        item('Open…', 'file.open', 'CmdOrCtrl+O'),
        { type: 'separator' },
        item('Save', 'file.save', 'CmdOrCtrl+S'),
        item('Save as…', 'file.save-as', 'CmdOrCtrl+Shift+S'),
        item('Export…', 'file.export', 'CmdOrCtrl+Shift+E'),
        { type: 'separator' },
        item('Close project', 'file.close', 'CmdOrCtrl+W'),
        ...(platform === 'darwin' ? [] : [{ role: 'quit' } as const]),
      ],
    },
    {
      label: 'Edit',
      submenu: [
        item('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
        item('Redo', 'edit.redo', 'CmdOrCtrl+Shift+Z'),
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    { label: 'View', submenu: [{ role: 'togglefullscreen' }, { role: 'reload' }, { role: 'toggleDevTools' }] },
    { role: 'windowMenu' },
  ]
  return menu.buildFromTemplate(template)
}
