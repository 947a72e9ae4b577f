/** What a shell would start: the name of a program and its arguments. Placeholders such as `<day>` are arguments. */
export type ShellCommand = readonly string[];

const PLACEHOLDER = /<([A-Za-z][\w -]*)>/g;
const SUBSTITUTION = /\$\(([^()]*)\)/g;
const ASSIGNMENT = /^[A-Za-z_]\w*=/;
const TOKEN = new RegExp(
  [
    '(?<comment>(?<=^|\\s)#.*)',
    '(?<end>&&|\\|\\||[;|&\\n])',
    '(?<redirection>(?<=^|\\s)\\d?(?:>>|[<>])\\s*\\S+)',
    '(?<blank>[^\\S\\n]+)',
    "'(?<single>[^']*)'",
    '"(?<double>[^"]*)"',
    '(?<plain>[^\\s\'"&|;]+)',
  ].join('|'),
  'gm',
);

/**
 * The commands of a script, those within `$(…)` before those that take what they print. Assignments before a command are
 * left out. It knows as much of a shell as our documents use.
 *
 * @throws Error where a quote is not closed
 */
export function readCommands(script: string): ShellCommand[] {
  // A placeholder is no redirection: other brackets stand for its own until the words are parted.
  const marked = script
    .replaceAll(/\\\n\s*/g, ' ')
    .replaceAll(PLACEHOLDER, (_whole, name: string) => `‹${name.replaceAll(' ', '-')}›`);
  const inner = [...marked.matchAll(SUBSTITUTION)].flatMap(([, inside = '']) => readCommands(inside));
  const plain = marked.replaceAll(SUBSTITUTION, '$SUBSTITUTION');
  const tokens = [...plain.matchAll(TOKEN)];
  if (tokens.map(([token]) => token).join('') !== plain) throw new Error(`cannot be read: ${script}`);

  const commands: string[][] = [[]];
  let isWithinWord = false;
  for (const { groups = {} } of tokens) {
    const { single, double } = groups;
    const text = single ?? double ?? groups.plain;
    const words = commands.at(-1) ?? [];
    if (groups.end !== undefined) commands.push([]);
    else if (text !== undefined) {
      if (isWithinWord) words.push(`${words.pop()}${text}`);
      else words.push(text);
    }
    isWithinWord = text !== undefined;
  }
  const started = commands.map((words) => words.slice(words.findIndex((word) => !ASSIGNMENT.test(word))));
  const named = started.filter(([first]) => first !== undefined && !ASSIGNMENT.test(first));
  return [
    ...inner,
    ...named.map((words) => words.map((word) => word.replaceAll('‹', '<').replaceAll('›', '>'))),
  ];
}
