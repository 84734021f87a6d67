// What a block of output promises: its lines, where … stands for anything in a line, and a line of … alone for any lines.

const normal = (line) => line.replace(/\s+/g, ' ').trim();
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function pattern_of(lines) {
  return lines.map((line) =>
    normal(line) === '…' ? '(?:[^\\n]*\\n)*?' : `${normal(line).split('…').map(escaped).join('[^\\n]*?')}\\n`).join('');
}

const lines_of = (text) => text.replace(/\n+$/, '').split('\n').filter((line) => line.trim() !== '');

// Empty: as promised; else what differs. `more` lets other lines follow, of a program that goes on.
export function difference(promised, printed, more = false) {
  const wanted = lines_of(promised);
  const seen = lines_of(printed).map((line) => `${normal(line)}\n`).join('');
  const fits = (lines, open) => new RegExp(`^${pattern_of(lines)}${open ? '' : '$'}`).test(seen);
  if (fits(wanted, more)) return '';
  let good = wanted.length;
  while (good > 0 && !fits(wanted.slice(0, good), true)) good -= 1;
  const first = wanted[good] ?? 'no further line';
  return `line ${good + 1} of what is promised, "${first}", is not what was printed:\n${printed.trimEnd()}`;
}
