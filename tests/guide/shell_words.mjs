// The commands in a piece of shell, as lists of words; enough of the grammar for what a page shows.

const operators = ['&&', '||', ';;', ';', '|', '&', '\n'];

export function commands_in(script) {
  const commands = [];
  let words = [];
  let word = null;
  const end_word = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const end_command = () => {
    end_word();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let i = 0; i < script.length; i += 1) {
    const c = script[i];
    const operator = operators.find((each) => script.startsWith(each, i));
    if (c === '\\' && script[i + 1] === '\n') i += 1;
    else if (c === '\\') word = (word ?? '') + script[(i += 1)];
    else if (c === "'" || c === '"') {
      const close = script.indexOf(c, i + 1);
      if (close < 0) throw new Error(`a ${c} is not closed`);
      word = (word ?? '') + script.slice(i + 1, close);
      i = close;
    } else if (c === '#' && word === null) {
      const end = script.indexOf('\n', i);
      i = (end < 0 ? script.length : end) - 1;
    } else if (operator) {
      end_command();
      i += operator.length - 1;
    } else if (c === ' ') end_word();
    else word = (word ?? '') + c;
  }
  end_command();
  return commands;
}
