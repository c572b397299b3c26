/** The look of the HTML report: fonts of the system, light or dark as the reader's system has it, plain on paper. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fbfbfa;--card:#fff;--ink:#1d2329;--soft:#59636e;--line:#d9dee3;--fill:#f1f3f5;--link:#0b5cad;--red:#b3261e;--red-fill:#fdecea;--amber:#8a5300;--amber-fill:#fdf1dc;--violet:#6b3fa0;--violet-fill:#f2ebfa;--green:#1a6e3c;--green-fill:#e6f4ea;--blue:#2f6fb3}
@media (prefers-color-scheme:dark){:root{--paper:#14181c;--card:#1b2025;--ink:#e4e8ec;--soft:#a2adb8;--line:#343c44;--fill:#242b32;--link:#7db8f5;--red:#ff9d94;--red-fill:#43211f;--amber:#f0be74;--amber-fill:#3d2f17;--violet:#cdb1f5;--violet-fill:#33264a;--green:#86d7a3;--green-fill:#1b3a27;--blue:#6ca9e8}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
.page{max-width:62rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1,h2,h3,h4,p,ul,dl{margin:0;padding:0}
h1{font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
h2{font-size:1.2rem;margin:2.75rem 0 .75rem}
h3{font-size:1rem;margin:1.75rem 0 .5rem;display:flex;align-items:center;gap:.5rem}
h4{font-size:1rem;margin:0 0 .5rem}
p+p{margin-top:.6rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{overflow-wrap:anywhere;unicode-bidi:isolate}
.skip{position:absolute;left:-99rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem}
.quiet,.count,time{color:var(--soft)}
.quiet{font-size:.9rem}
.count{font-weight:400}
header .quiet{margin-top:.25rem}
.state{margin:1.25rem 0 0;padding:.8rem 1rem;border-radius:8px;border-left:4px solid;background:var(--fill)}
.state strong{display:block}
.state.bad{border-color:var(--red);background:var(--red-fill)}
.state.good{border-color:var(--green);background:var(--green-fill)}
.state.unsure{border-color:var(--amber);background:var(--amber-fill)}
.state ul{padding-left:1.2rem;margin-top:.4rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem}
.tiles div{display:flex;flex-direction:column-reverse;justify-content:flex-end;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem}
.tiles dt{color:var(--soft);font-size:.9rem}
.tiles dd{margin:0;font-size:1.55rem;font-weight:600;line-height:1.25;font-variant-numeric:tabular-nums}
.tiles .more{color:var(--soft);font-size:.9rem;font-weight:400}
.bar-of{display:block;width:100%;height:14px;margin:1.25rem 0 .5rem;border-radius:7px;overflow:hidden}
.bar-of .unsafe{fill:var(--red)}.bar-of .conditional{fill:var(--amber)}.bar-of .unknown{fill:var(--violet)}.bar-of .safe{fill:var(--green)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;font-size:.9rem}
.mark{display:inline-block;width:.75rem;height:.75rem;border-radius:3px}
.legend .mark{margin-right:.4rem}
.mark.unsafe{background:var(--red)}.mark.conditional{background:var(--amber)}.mark.unknown{background:var(--violet)}.mark.safe{background:var(--green)}
.tools{display:flex;flex-wrap:wrap;gap:.75rem;align-items:end;margin:0 0 .75rem}
.tools[hidden]{display:none}
.tools label{display:flex;flex-direction:column;gap:.2rem;font-size:.9rem;color:var(--soft)}
.tools .grow{flex:1 1 16rem}
input,select{height:2.5rem}
input,select,button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:.4rem .6rem}
button{cursor:pointer}
.sets{list-style:none}
.sets>li{border:1px solid var(--line);background:var(--card);border-radius:8px;margin:.4rem 0}
[hidden]{display:none!important}
summary{cursor:pointer;padding:.65rem 1rem}
.sets summary{display:flex;flex-wrap:wrap;align-items:baseline;gap:.25rem .75rem;list-style:none}
.sets summary::-webkit-details-marker{display:none}
.sets summary::before{content:"▸";content:"▸"/"";color:var(--soft);width:.8rem}
.sets details[open]>summary::before{content:"▾";content:"▾"/""}
.sets summary code{font-weight:600}
.db{color:var(--soft)}
.rows{margin-left:auto;color:var(--soft);font-size:.9rem;font-variant-numeric:tabular-nums}
.tags{display:inline-flex;gap:.3rem}
.tag{display:inline-block;font-size:.8rem;font-weight:500;line-height:1.3;padding:.1rem .5rem;border-radius:99px;background:var(--fill);color:var(--ink)}
.tag.error{background:var(--red-fill);color:var(--red)}.tag.warning{background:var(--amber-fill);color:var(--amber)}
.body{padding:.25rem 1rem 1.1rem}
.sets .body{border-top:1px solid var(--line);padding-top:.9rem}
.finding+.finding{margin-top:1.5rem;padding-top:1.25rem;border-top:1px dashed var(--line)}
.anchor{text-decoration:none;font-weight:400;padding:0 .25rem}
.what{font-size:1.02rem}
.part{font-weight:600;font-size:.9rem;margin-top:1rem}
.part+*{margin-top:.25rem}
pre{position:relative;margin:.5rem 0;padding:.7rem .9rem;background:var(--fill);border-radius:6px;overflow:auto;white-space:pre}
.sql{position:relative}
.sql button{position:absolute;top:.4rem;right:.4rem;padding:.1rem .6rem;font-size:.85rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.5rem 1rem}
.facts dt{color:var(--soft);font-size:.85rem}
.facts dd{margin:0;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;margin-top:.75rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:500}
tbody th{font-weight:400;min-width:11rem}
.n{text-align:right;font-variant-numeric:tabular-nums}
figure{margin:.5rem 0 0}
.plot,.graph{display:block;width:100%;height:auto;max-width:45rem}
svg text{fill:var(--soft);font-size:12px}
svg .name{fill:var(--ink);font-weight:600}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}
svg .grid{stroke:var(--line);fill:none}
svg .line{fill:none;stroke:var(--blue);stroke-width:2;stroke-linejoin:round}
svg .area{fill:var(--blue);opacity:.12}
svg .dot{fill:var(--blue)}
svg .bar{fill:var(--blue)}
svg .track{fill:var(--fill)}
svg .edge{fill:none;stroke:var(--blue);opacity:.55}
svg .node{fill:var(--fill);stroke:var(--line)}
.share{width:7.5rem;height:.65rem}
.plain{padding-left:1.2rem}
.none{padding:2rem 1rem;text-align:center;color:var(--soft);border:1px dashed var(--line);border-radius:8px}
footer{margin-top:3rem;padding-top:1rem;border-top:1px solid var(--line)}
@media (max-width:40rem){.rows{margin-left:1.55rem;flex-basis:100%}.page{padding-top:1.25rem}}
@media print{:root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--fill:#f4f4f4;--link:#000;--red:#8c1d18;--red-fill:#fff;--amber:#6b4000;--amber-fill:#fff;--violet:#4d2a7a;--green:#14532d;--green-fill:#fff;--violet-fill:#fff;--blue:#333}body{font-size:10.5pt}.tools,.anchor,.skip,.sql button{display:none!important}summary,h2,h3,h4,.part{break-after:avoid}pre{white-space:pre-wrap;overflow-wrap:anywhere}details::details-content{content-visibility:visible;display:block}.mark,.bar-of{print-color-adjust:exact}}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
`.trim()
