/** All that runs in the report: search, filters, buttons to copy, links that open what they lead to. */
export const SCRIPT = `
'use strict';
(() => {
  const find = (selector, from = document) => [...from.querySelectorAll(selector)];
  const tools = document.querySelector('.tools');
  if (tools) {
    const [search, kind] = [document.getElementById('search'), document.getElementById('kind')];
    const said = document.getElementById('found');
    const items = find('#sets [data-r]').map((node) => ({
      node,
      text: (node.querySelector('summary') || node).textContent.toLowerCase() + ' ' + node.dataset.r,
      words: new Set([...node.dataset.r.split(' '), node.closest('.verdict').dataset.v]),
    }));
    const apply = () => {
      const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
      let shown = 0;
      for (const { node, text, words: own } of items) {
        const fits = words.every((word) => text.includes(word)) && (kind.value === '' || own.has(kind.value));
        node.hidden = !fits;
        if (fits) shown++;
      }
      const sifting = words.length > 0 || kind.value !== '';
      for (const table of find('.quiets')) {
        const left = table.querySelector('tr[data-r]:not([hidden])');
        table.hidden = !left;
        if (sifting && left) table.open = true;
      }
      for (const section of find('.verdict')) section.hidden = !section.querySelector('[data-r]:not([hidden])');
      said.textContent = sifting ? shown.toLocaleString('en-US') + ' of ' + items.length.toLocaleString('en-US') + ' key sets' : '';
    };
    let timer = 0;
    search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 80);
    });
    kind.addEventListener('change', apply);
    tools.hidden = false;
  }
  const copy = async (pre, button) => {
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      getSelection().selectAllChildren(pre);
      if (!document.execCommand('copy')) return;
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  };
  const dress = (root) => {
    for (const pre of find('pre', root)) {
      if (pre.parentElement.className === 'sql') continue;
      const box = document.createElement('div');
      box.className = 'sql';
      pre.replaceWith(box);
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Copy';
      button.addEventListener('click', () => copy(pre, button));
      box.append(pre, button);
    }
  };
  document.addEventListener('toggle', (event) => { if (event.target.open) dress(event.target); }, true);
  find('details[open]').forEach(dress);
  find('.sets > li > .body').forEach(dress);
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === 'DETAILS') node.open = true;
      node.hidden = false;
    }
    target.scrollIntoView();
  };
  addEventListener('hashchange', reveal);
  reveal();
  let opened = [];
  addEventListener('beforeprint', () => {
    const closed = find('details:not([open])');
    opened = closed.length > 600 ? [] : closed;
    for (const one of opened) one.open = true;
  });
  addEventListener('afterprint', () => { for (const one of opened) one.open = false; });
})();
`.trim()
