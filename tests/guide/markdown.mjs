// What the test sees of a page: headings, blocks, links, and words that stand as code.

const fence = /^```(.*)$/;

// ```bash run in="second terminal" exit=2   ->   { language, words: { run: true, in: "second terminal", exit: "2" } }
function read_info(info) {
  const [language, ...rest] = info.match(/[^\s"]+="[^"]*"|\S+/g) ?? [''];
  const words = {};
  for (const each of rest) {
    const [, name, value] = each.match(/^([a-z]+)(?:="?([^"]*)"?)?$/) ?? [null, each];
    words[name] = value ?? true;
  }
  return { language, words };
}

// As GitHub makes the anchors of headings.
const anchor_of = (title) =>
  title.toLowerCase().replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '').replaceAll(' ', '-');

function read_prose(text, at, section, page) {
  const { chapter } = page;
  for (const [, inside, alone] of text.matchAll(/\]\(([^)\s]+)\)|<(https?:[^>]+)>/g))
    page.links.push({ target: inside ?? alone, at, section, chapter });
  for (const [, code] of text.matchAll(/`([^`]+)`/g)) page.code.push({ text: code, at, section });
  const servers = /^<!-- servers: (.*) -->$/.exec(text);
  if (servers) page.servers.set(chapter, servers[1].split(', '));
}

export function read_page(text) {
  const page = { headings: [], blocks: [], links: [], code: [], servers: new Map(), chapter: 0 };
  let open = null;
  let prose = []; // of a paragraph, whose lines may break within a link or within code
  const end_prose = (at) => {
    if (prose.length > 0) read_prose(prose.join(' '), at - prose.length, page.headings.length, page);
    prose = [];
  };
  text.split('\n').forEach((line, index) => {
    const at = index + 1;
    const mark = fence.exec(line);
    const heading = open ? null : /^(#+) (.*)$/.exec(line);
    if (mark || heading || line === '' || /^(\||- |\d+\. )/.test(line)) end_prose(at);
    if (mark && open) {
      page.blocks.push({ ...open, text: open.lines.join('\n') });
      open = null;
    } else if (mark) {
      open = { ...read_info(mark[1]), info: mark[1], at, section: page.headings.length, chapter: page.chapter, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else if (heading) {
      if (heading[1].length === 2) page.chapter = page.headings.length + 1;
      page.headings.push({ level: heading[1].length, title: heading[2], anchor: anchor_of(heading[2]), at });
    } else if (line !== '') {
      prose.push(line);
    }
  });
  end_prose(text.split('\n').length + 1);
  if (open) throw new Error(`the block of line ${open.at} has no end`);
  return page;
}
