import { createHash } from 'node:crypto';

const COLOURS = `
:root{
  color-scheme:light dark;
  --ground:#f3f5f7;--sheet:#fff;--ink:#17212b;--muted:#526170;--line:#e1e6eb;--link:#0b57a4;--bad:#a83a0a;--good:#1b6e3c;
  --fill:#66768a;--track:#e9edf1;--quiet:#f3f5f7;--stripe:#c3ccd5;
}
@media (prefers-color-scheme:dark){
  :root{
    --ground:#0f151b;--sheet:#18212b;--ink:#e8edf2;--muted:#a6b4c2;--line:#2c3844;--link:#8fc0ff;--bad:#ffb08a;--good:#8fdcab;
    --fill:#8595a6;--track:#2a3541;--quiet:#202b36;--stripe:#4c5b69;
  }
}`;

const FRAME = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1120px;padding:0 24px 32px;background:var(--ground);color:var(--ink);
  font:15px/1.45 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:8px;top:8px;padding:8px 12px;background:var(--sheet);z-index:1}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:4px 24px;padding:16px 0}
.brand{font-weight:600}
.brand .muted{font-weight:400;margin-left:6px}
.bar{display:flex;flex-wrap:wrap;gap:4px;margin:0;padding:0;list-style:none}
.top .bar a{display:block;padding:6px 10px;border-radius:8px;text-decoration:none}
.top .bar a[aria-current]{color:var(--ink);font-weight:600}
.top .bar a[aria-current=page]{background:var(--sheet)}
.top .bar a:hover{text-decoration:underline}
.lang{margin-left:auto;font-size:13px}
main{padding:28px 32px 36px;background:var(--sheet);border-radius:12px}
footer{padding:16px 4px 0;font-size:13px}
h1{margin:0;font-size:28px;line-height:1.25;text-wrap:balance}
h2{margin:36px 0 8px;font-size:18px;line-height:1.3}
h3{margin:0;font-size:15px}
p{margin:8px 0 0;max-width:75ch;text-wrap:pretty;overflow-wrap:anywhere}
code{overflow-wrap:anywhere;padding:2px 6px;border-radius:4px;background:var(--quiet)}
.muted{color:var(--muted)}
.bad,.alert{color:var(--bad)}
.good{color:var(--good)}
.alert{max-width:none}
.note{font-size:13px}
.eyebrow{margin:20px 0 4px}
.head{display:flex;flex-wrap:wrap;align-items:flex-end;justify-content:space-between;gap:12px 24px}
.head p{margin:2px 0 0}
.button{display:block;padding:7px 12px;border:1px solid var(--line);border-radius:8px;color:var(--ink);text-decoration:none}
.button:hover{border-color:var(--muted)}
.button[aria-current]{background:var(--quiet);font-weight:600}
.forms{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:20px;font-size:13px}
.jump{margin-top:16px;font-size:13px}
.jump .bar{gap:2px 14px}
.jump a{display:inline-block;padding:4px 0}
h2[id]{scroll-margin-top:12px}
.pager{display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px;margin-top:12px;font-size:13px}
.pager p{margin:0}
.pager .gap{padding:7px 2px}
.plain{padding:32px 0}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}`;

const FIGURES = `
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:20px 24px;margin:24px 0 0}
.tiles dt{color:var(--muted);font-size:13px}
.tiles dd{margin:0;font-size:13px;line-height:1.35}
.tiles .big{font-size:26px;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.tiles .big a{color:inherit}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.list{width:100%;border-collapse:collapse}
.list th,.list td{padding:7px 8px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400;overflow-wrap:anywhere}
.list thead th,.list thead td{color:var(--muted);font-size:13px;vertical-align:bottom;overflow-wrap:normal}
.list th:first-child{padding-left:0}
.list th:last-child,.list td:last-child{padding-right:0}
.list .when{white-space:nowrap}
.list .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.list thead .number{white-space:normal}
.list b{font-weight:650}
.figures th:first-child{width:40%}
.twice th:first-child{width:34%}
.twice .number{white-space:normal}
.twice .of{display:inline-block;font-size:13px}
.list .graph{width:30%;vertical-align:middle}
.customers .until{width:110px}
.customers td.until{padding-left:0;overflow-wrap:normal}
.customers td.until>*{display:block}
.customers td b{font-size:17px;line-height:1.35}
.group th{padding-top:20px;border-bottom:2px solid var(--ink)}
.work{display:flex;flex-wrap:wrap;gap:8px 24px;justify-content:space-between;align-items:flex-start}
.work>:first-child{flex:1 1 300px;min-width:0}
.act{display:inline-block;padding:10px 14px;border:1px solid var(--bad);border-radius:8px;color:var(--bad);font-weight:650;text-decoration:none;white-space:nowrap}
.act.urgent{background:var(--bad);color:var(--sheet)}
.share{display:block;width:100%;height:10px}
.track{fill:var(--track)}
.fill{fill:var(--fill)}
.beyond{fill:var(--bad)}
.mark{fill:var(--ink)}
.pair{display:grid;grid-template-columns:minmax(0,1fr);gap:0 48px}
.legend{max-width:none;font-size:13px;line-height:1.9}
.swatch{padding:2px 8px;border-radius:4px;white-space:nowrap}
.strips{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:8px 2px;margin-top:10px}
.strip{width:100%;table-layout:fixed;border-spacing:2px;font-size:12px;text-align:center}
.strip th,.strip td{padding:0;font-weight:400;height:22px}
.strip .cells td{height:26px;border-radius:4px}
.strip thead th{color:var(--muted)}
.strip th:first-child{width:76px;text-align:left}
.week{max-width:640px}
.week abbr{text-decoration:none}
.week th:first-child{width:36px}
.week .cells td{height:36px;line-height:1.2;font-variant-numeric:tabular-nums}
.week .few{display:block;font-size:11px}
.found{margin:20px 0;padding:2px 0 2px 16px;border-left:4px solid var(--line)}
.found.unmet{border-color:var(--bad)}
.found h3{margin:0}`;

const FORMS = `
.ask{display:flex;flex-wrap:wrap;gap:8px;margin:0}
main .ask{margin-top:16px}
.ask{align-items:center}
.ask input{flex:1 1 150px;min-width:0;max-width:420px;padding:7px 10px;border:1px solid var(--muted);border-radius:8px;
  background:var(--sheet);color:var(--ink);font:inherit}
.ask button{padding:7px 14px;border:1px solid var(--muted);border-radius:8px;background:var(--quiet);color:var(--ink);font:inherit;cursor:pointer}
.ask :focus-visible{outline:3px solid var(--link);outline-offset:2px}
.ask ::placeholder{color:var(--muted);opacity:1}
.hits h2{margin:24px 0 4px;font-size:15px}
.hits ul{margin:0;padding:0;list-style:none}
.hits li{padding:8px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
.hits .contact{margin-left:6px}
.tag{padding:1px 6px;border:1px solid var(--line);border-radius:6px;font-size:12px}
.inline{display:inline-block}`;

const CALENDAR = `
.month{width:100%;table-layout:fixed;border-spacing:5px;margin:20px -5px 0;width:calc(100% + 10px)}
.month th{padding:0 0 2px;color:var(--muted);font-size:13px;font-weight:400}
.month abbr{text-decoration:none}
.month td{padding:0;height:92px}
.month .later td{height:40px}
.day{position:relative;display:flex;flex-direction:column;height:100%;padding:7px 10px 8px;border-radius:8px;color:var(--ink);
  background:var(--quiet);text-decoration:none}
.date{font-size:13px}
.rate{margin-top:auto;font-size:20px;line-height:1.2;font-weight:650;font-variant-numeric:tabular-nums}
.count,.state{font-size:13px}
.state{margin-top:auto;color:inherit}
.none,.future{background:none;color:var(--muted)}
.today{background:none;box-shadow:inset 0 0 0 2px var(--muted)}
.open{background:none;color:var(--bad);box-shadow:inset 0 0 0 1px var(--bad)}
.year{display:grid;grid-template-columns:repeat(auto-fill,minmax(130px,1fr));gap:8px;margin:20px 0 0;padding:0;list-style:none}
.year .day{min-height:108px}
.year .date{font-weight:600}
a.day:hover{box-shadow:inset 0 0 0 2px var(--muted)}`;

/**
 * Background and text, from no missed chats to many. They show an amount and do not warn. The colour of warnings is for
 * missed targets and for missing figures.
 */
const SHADES = [
  { light: ['#f3f5f7'], dark: ['#202b36'] },
  { light: ['#e3ecf5', '#17212b'], dark: ['#23374b', '#dbe8f5'] },
  { light: ['#b5cde6', '#0d2136'], dark: ['#35597d', '#f2f7fc'] },
  { light: ['#2f5d8c', '#ffffff'], dark: ['#a9cdf2', '#0b1c2c'] },
] as const;

/** These rules follow those of days, which set another colour. */

function shadeStyle([ground, ink]: readonly [string, string?]): string {
  return `background:${ground}${ink === undefined ? '' : `;color:${ink}`}`;
}

const SHADED = `
${SHADES.map(({ light }, shade) => `.s${shade}{${shadeStyle(light)}}`).join('\n')}
@media (prefers-color-scheme:dark){
${SHADES.map(({ dark }, shade) => `  .s${shade}{${shadeStyle(dark)}}`).join('\n')}
}`;

const CHARTS = `
.charts{display:grid;grid-template-columns:minmax(0,1fr);gap:28px 48px;margin-top:16px}
.figure .muted{margin:0;font-size:13px}
.plot{position:relative;margin-top:8px;border-top:1px dashed var(--line)}
.most{position:absolute;right:0;top:-19px;padding-left:6px;background:var(--sheet)}
.chart{display:block;width:100%;height:132px}
.chart .room{fill:transparent}
.chart .gap{fill:var(--stripe)}
.chart .week{stroke:var(--line);vector-effect:non-scaling-stroke}
.chart .base{stroke:var(--muted);vector-effect:non-scaling-stroke}
.chart a:hover .room{fill:var(--track)}
.ends{display:flex;justify-content:space-between}`;

const WIDTHS = `
@media (min-width:900px){
  .pair,.charts{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
}
@media (max-width:720px){
  body{padding:0 0 24px}
  .top{padding:12px 16px;gap:4px 12px}
  footer{padding:16px 16px 0}
  main{padding:20px 16px 28px;border-radius:0}
  h1{font-size:22px}
  h2{margin-top:28px}
  .minor{display:none}
  .customers .until{width:84px}
  .tiles{gap:16px}
  .tiles .big{font-size:24px}
  .list{font-size:14px}
  .list th,.list td{padding:6px 5px}
  .list thead th{font-size:12px}
  .figures th:first-child{width:auto}
  .days14 .number{white-space:normal}
  .twice th:first-child{width:34%}
.twice .number{white-space:normal}
.twice .of{display:inline-block;font-size:13px}
.list .graph{width:24%}
  .list :has(+ .minor:last-child){padding-right:0}
  .month{border-spacing:2px;margin:16px -6px 0;width:calc(100% + 12px)}
  .month td{height:64px}
  .month .later td{height:32px}
  .day{padding:4px 2px 5px;text-align:center;border-radius:5px;align-items:center}
  .date,.count,.state{font-size:12px}
  .rate{font-size:13px}
  .month .wide{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
}
@media (min-width:481px) and (max-width:720px){
  .tiles:has(>:last-child:nth-child(4)){grid-template-columns:repeat(2,minmax(0,1fr))}
}
@media (max-width:480px){
  .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
  .days .bar{justify-content:space-between}
  .days .button{padding:7px 8px;font-size:14px}
}
@media (max-width:340px){
  .month .rate{font-size:12px;letter-spacing:-.02em}
}
@media print{
  .top,.days,.head nav,.skip,.ask,.jump,.pager{display:none}
  body,main{background:none;padding:0;max-width:none}
}`;

const text = `${[COLOURS, FRAME, FIGURES, FORMS, CALENDAR, SHADED, CHARTS, WIDTHS].join('').trim()}\n`;

/** The style of all pages. Its name holds its hash, so a browser can keep it until it changes. */
export const STYLESHEET = {
  text,
  path: `/pages.${createHash('sha256').update(text).digest('hex').slice(0, 12)}.css`,
} as const;

/** The icon for the tab of a browser: a bubble with a bar chart. */
export const FAVICON_PATH = '/favicon.svg';

export const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#c2410c" d="M6 3h20a4 4 0 0 1 4 4v13a4 4 0 0 1-4 4H15l-7 6v-6H6a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z"/><path fill="#fff" d="M8 13h4v6H8zm6-5h4v11h-4zm6 3h4v8h-4z"/></svg>
`;
