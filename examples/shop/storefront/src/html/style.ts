/** Colours follow the reader's system, light or dark; words and a line mark degraded parts, not colour alone. */
export const style = `
:root { color-scheme: light dark; --ink: light-dark(#1d2429, #e8e6e1); --quiet: light-dark(#59636b, #a3abb1);
  --paper: light-dark(#fbfaf7, #16191c); --card: light-dark(#ffffff, #1e2226); --line: light-dark(#dedad2, #353b41);
  --accent: light-dark(#1f5e4d, #7cc7ae); --on-accent: light-dark(#ffffff, #10201b);
  --warn: light-dark(#8a4b00, #f0b35c); --warn-paper: light-dark(#fff4e2, #2c2314); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.55 system-ui, sans-serif; }
header, main, footer { max-width: 44rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { display: flex; justify-content: space-between; align-items: baseline; flex-wrap: wrap; gap: .25rem 1rem; }
header a { color: inherit; font-weight: 650; text-decoration: none; }
header span, footer { color: var(--quiet); font-size: .9rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.05rem; margin: 0 0 .35rem; }
p { margin: 0 0 .5rem; }
a { color: var(--accent); }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.25rem; margin: 0 0 1rem; }
section.degraded { border-left: .35rem solid var(--warn); padding-left: calc(1.25rem - .35rem + 1px); }
section > :last-child { margin-bottom: 0; }
.price { font-size: 1.6rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.note { margin: .6rem 0 0; padding: .5rem .75rem; border-radius: .4rem; background: var(--warn-paper); color: var(--warn); font-size: .92rem; }
.note code { font: inherit; font-weight: 650; }
.banner { margin: 0 0 1rem; }
ul { margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; }
form { display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: center; }
input, button { font: inherit; padding: .45rem .7rem; border-radius: .4rem; border: 1px solid var(--line); }
input { width: 5rem; background: var(--paper); color: var(--ink); }
button { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
:focus-visible { outline: .2rem solid var(--accent); outline-offset: .15rem; }
`;
