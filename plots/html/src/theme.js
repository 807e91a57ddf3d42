// Gives the charts the page's colors, since a canvas doesn't see its style.

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

export function isDark(state) {
  return state.theme === 'dark' || (state.theme === 'auto' && darkSystem.matches);
}

export function themeOf(state) {
  const style = getComputedStyle(document.documentElement);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return { dark: isDark(state), ground: color('ground'), raised: color('raised'), line: color('line'), text: color('text'),
    faint: color('faint'), accent: color('accent'), wrong: color('wrong') };
}

// Applies the chosen theme to the root element; `changed` is called when the system's theme changes under 'auto'.
export function followTheme(state, changed) {
  const apply = () => {
    if (state.theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = state.theme;
  };
  state.subscribe((keys) => { if (keys.includes('theme')) apply(); });
  darkSystem.addEventListener('change', () => { if (state.theme === 'auto') changed(); });
  apply();
}
