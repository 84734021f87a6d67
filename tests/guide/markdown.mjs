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

function read_prose(line, at, section, page) {
  for (const [, inside, alone] of line.matchAll(/\]\(([^)\s]+)\)|<(https?:[^>]+)>/g))
    page.links.push({ target: inside ?? alone, at, section, chapter: page.chapter });
  for (const [, text] of line.matchAll(/`([^`]+)`/g)) page.code.push({ text, at, section });
  const servers = /^<!-- servers: (.*) -->$/.exec(line);
  if (servers) page.servers.set(page.chapter, servers[1].split(', '));
}

export function read_page(text) {
  const page = { headings: [], blocks: [], links: [], code: [], servers: new Map(), chapter: 0 };
  let open = null;
  text.split('\n').forEach((line, index) => {
    const at = index + 1;
    const section = page.headings.length;
    const mark = fence.exec(line);
    if (mark && open) {
      page.blocks.push({ ...open, text: open.lines.join('\n') });
      open = null;
    } else if (mark) {
      open = { ...read_info(mark[1]), info: mark[1], at, section, chapter: page.chapter, lines: [] };
    } else if (open) {
      open.lines.push(line);
    } else {
      const heading = /^(#+) (.*)$/.exec(line);
      if (heading && heading[1].length === 2) page.chapter = page.headings.length + 1;
      if (heading) page.headings.push({ level: heading[1].length, title: heading[2], anchor: anchor_of(heading[2]), at });
      else read_prose(line, at, section, page);
    }
  });
  if (open) throw new Error(`the block of line ${open.at} has no end`);
  return page;
}
