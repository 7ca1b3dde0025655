type Chosen = 'system' | 'dark' | 'light' | 'contrast'

const light = window.matchMedia('(prefers-color-scheme: light)')
const contrast = window.matchMedia('(prefers-contrast: more)')
let chosen: Chosen = 'system'

function apply(): void {
  const system = contrast.matches ? 'contrast' : light.matches ? 'light' : 'dark'
  document.documentElement.dataset.theme = chosen === 'system' ? system : chosen
}

light.addEventListener('change', apply)
contrast.addEventListener('change', apply)

/** Sets the theme of the page; `system` follows the system's preference as it changes. */
export function setTheme(theme: Chosen): void {
  chosen = theme
  apply()
}
