// Both languages tell the same: as many headings, the same blocks but for comments, the same links and the same words of code.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { read_page } from './markdown.mjs';

const without_comments = (block) =>
  block.language === 'console' ? block.text : block.text.replace(/(^|\s+)# .*$/gm, '').replace(/\n+/g, '\n');

// What a link means in either language.
function meaning(target, page) {
  if (target.startsWith('#')) return `heading ${page.headings.findIndex((each) => each.anchor === target.slice(1))}`;
  if (/^guide(\.ja)?\.md$/.test(target)) return 'the other language';
  return target.replace(/(README|features)\.ja\.md/, '$1.md').replace(/(README\.md)#.*/, '$1');
}

function sorted_by_section(list, text_of) {
  const sections = new Map();
  for (const each of list) sections.set(each.section, [...(sections.get(each.section) ?? []), text_of(each)].sort());
  return sections;
}

function compare_sections(what, [one, other], complain) {
  for (const section of new Set([...one.list.keys(), ...other.list.keys()])) {
    const [left, right] = [one.list.get(section) ?? [], other.list.get(section) ?? []];
    const only = (some, rest) => [...new Set(some)].filter((each) => !rest.includes(each)).join(', ');
    const [here, there] = [only(left, right), only(right, left)];
    const title = one.page.headings[section - 1]?.title ?? 'the beginning';
    if (here || there)
      complain(`${what} of "${title}": only in English: ${here || 'none'}; only in Japanese: ${there || 'none'}`);
  }
}

export function compare(english, japanese, complain) {
  const levels = (page) => page.headings.map((each) => each.level).join('');
  if (levels(english) !== levels(japanese))
    complain(`levels of headings: ${levels(english)} in English, ${levels(japanese)} in Japanese`);
  if (english.blocks.length !== japanese.blocks.length)
    complain(`${english.blocks.length} blocks in English, ${japanese.blocks.length} in Japanese`);
  english.blocks.forEach((block, index) => {
    const twin = japanese.blocks[index];
    const same = (text_of) => text_of(twin) === text_of(block);
    if (!twin || [(each) => each.info, (each) => each.section, without_comments].every(same)) return;
    complain(`guide.md:${block.at} and guide.ja.md:${twin.at} are not the same block`);
  });
  const sides = (text_of, kind) =>
    [english, japanese].map((page) => ({ page, list: sorted_by_section(page[kind], (each) => text_of(each, page)) }));
  compare_sections('links', sides((link, page) => meaning(link.target, page), 'links'), complain);
  compare_sections('words of code', sides((each) => each.text, 'code'), complain);
}

// GitHub shows the stars where a sign stands before the closing ones and a letter behind them, as can happen in Japanese.
export function check_emphasis(text, file, complain) {
  text.split('\n').forEach((line, index) => {
    const stars = [...line.matchAll(/(.?)\*+(.?)/gu)].filter((_, number) => number % 2 === 1);
    const shown = ([, before, behind]) => /[\p{P}`]/u.test(before) && /[\p{L}\p{N}]/u.test(behind);
    if (stars.some(shown)) complain(`${file}:${index + 1}: what is between the stars is not shown bold`);
  });
}

// Every link leads to a file that is there, and to a heading in it.
export function check_links(page, file, complain) {
  for (const { target, at } of page.links) {
    if (/^https?:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const there = path === '' ? file : join(dirname(file), path);
    if (!existsSync(there)) complain(`${file}:${at}: there is no ${target}`);
    else if (anchor && !read_page(readFileSync(there, 'utf8')).headings.some((each) => each.anchor === anchor))
      complain(`${file}:${at}: ${path || 'this page'} has no heading #${anchor}`);
  }
}
