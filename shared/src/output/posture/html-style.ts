import { masked, plain } from '../report/masked-text';

const light = plain(
  '--fg:#1b1f24;--soft:#57606a;--bg:#fff;--line:#d0d7de;--panel:#f6f8fa;--error:#b3261e;--warning:#8a5300;--info:#0b5cad;--hint:#6b4fa3;--good:#1a6b33;--fix:#0b5cad',
);
const dark = plain(
  '--fg:#e6edf3;--soft:#9da7b1;--bg:#0d1117;--line:#30363d;--panel:#161b22;--error:#ff8a80;--warning:#e3b341;--info:#79b8ff;--hint:#c3a6ff;--good:#6fdd8b;--fix:#79b8ff',
);

/** Colours for light and dark have a contrast of at least 4.5 to 1 as text (WCAG 2.2, 1.4.3); bars are never the only sign of anything. */
export const style = masked`
:root{${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;font:16px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg)}
h1{font-size:1.75rem;line-height:1.2;margin:0}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
.about{color:var(--soft);margin:.25rem 0 1rem}
.sum{font-size:1.125rem;margin:0 0 1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7rem,1fr));gap:.75rem;list-style:none;margin:0 0 1rem;padding:0}
.tiles li{background:var(--panel);border:1px solid var(--line);border-left:4px solid currentColor;border-radius:6px;padding:.5rem .75rem}
.tiles strong{display:block;font-size:1.75rem;line-height:1.2}
.tiles .error,.mark.error,.mark.privileged,.mark.failed{color:var(--error)}
.tiles .warning,.mark.warning,.mark.baseline{color:var(--warning)}
.tiles .info,.mark.info{color:var(--info)}
.tiles .hint,.mark.hint{color:var(--hint)}
.mark.restricted,.mark.passed{color:var(--good)}
.mark{font-weight:600}
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}
a{color:var(--info)}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
tbody th{font-weight:400}
.n{text-align:right;font-variant-numeric:tabular-nums}
code{font:.8125rem/1.4 ui-monospace,monospace}
.scroll code{white-space:nowrap}
.bar{display:block;margin-top:.35rem;background:var(--panel)}
.bar .error,.bar .privileged{fill:var(--error)}
.bar .warning,.bar .baseline{fill:var(--warning)}
.bar .info{fill:var(--info)}
.bar .hint{fill:var(--hint)}
.bar .restricted{fill:var(--good)}
.bar .fix{fill:var(--fix)}
details{margin:.5rem 0}
.worst p,.worst ol{margin:.25rem 0}
.worst>li{margin:0 0 1rem}
.closed{color:var(--soft)}
summary{cursor:pointer}
@media (max-width:48rem){.scroll code{white-space:normal}}
@media (max-width:40rem){.bar,td:has(>.bar){display:none}table{font-size:.8125rem}th,td{padding-right:.375rem}td:first-child,tbody th,.scroll code{overflow-wrap:anywhere}thead th{white-space:normal;overflow-wrap:normal}}
@media (max-width:23rem){body{padding:.5rem}table,table code{font-size:.6875rem}th,td{padding-right:.25rem}code{overflow-wrap:anywhere}}
@media print{body{max-width:none;padding:0;font-size:11px}nav{display:none}h2{break-after:avoid}tr{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}.scroll{overflow:visible}}
`;

/**
 * What an editor's page adds: VS Code names the kind of its theme on the body, and has the theme's colours as variables. What is light or dark there is not what
 * the system prefers.
 */
export const editorStyle = masked`
body.vscode-dark,body.vscode-high-contrast{${dark};color-scheme:dark}
body.vscode-light,body.vscode-high-contrast-light{${light};color-scheme:light}
body[class*=vscode-]{--fg:var(--vscode-editor-foreground);--bg:var(--vscode-editor-background);--line:var(--vscode-widget-border,var(--vscode-contrastBorder,var(--vscode-panel-border)));--panel:var(--vscode-editorWidget-background);font:inherit;font-size:14px;line-height:1.5}
body.vscode-high-contrast{--soft:var(--fg);--panel:var(--bg)}
a code{color:inherit}
`;
