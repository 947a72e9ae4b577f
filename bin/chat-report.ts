import { Command, CommanderError, Option } from 'commander';
import type { SettingProblem } from '../functions/config/settings.ts';
import { VENDOR } from '../functions/sources/vendor.ts';
import { describeFaults, describeNights } from './commands/simulate.ts';
import { EXIT, type ExitCode, formatError, type Terminal } from './terminal.ts';

/** What a command does. The problems are those of the command line itself: they join what the command finds wrong. */
type Action<Flags> = (
  flags: Flags,
  terminal: Terminal,
  problems: readonly SettingProblem[],
) => Promise<ExitCode>;

const option = {
  day: new Option('--day <day>', 'one day, YYYY-MM-DD'),
  from: new Option('--from <day>', 'the first of several days'),
  to: new Option('--to <day>', 'the last of several days'),
  lake: new Option(
    '--lake <place>',
    'where the data is kept: a folder, or s3://bucket/prefix (default: out/lake)',
  ),
  outbox: new Option('--outbox <folder>', 'where mails are written as .eml files (default: out/outbox)'),
  locale: new Option('--locale <locale>', 'language of the report: vi or en'),
} as const;

/**
 * The command line: every command with its options.
 *
 * @param args without the program's own name
 * @returns the exit code of the process
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const blank: SettingProblem[] = [];

  const program = new Command('chat-report')
    .description(`The daily chat report for companies that serve their customers through ${VENDOR}.`)
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .showHelpAfterError('(see chat-report --help)')
    .hook('preAction', (_program, command) => {
      blank.push(...dropBlankOptions(command));
    });

  /** Declares a command. Its file loads when it runs, so that help is quick. */
  function declare<Flags>(
    name: string,
    description: string,
    load: () => Promise<Action<Flags>>,
    options: readonly Option[] = [],
  ): Command {
    const command = program.command(name).description(description);
    // The command reports these mistakes itself, together with all others.
    command.allowUnknownOption().allowExcessArguments();
    for (const one of options) command.addOption(one);
    return command.action(async (flags: Flags, { args }: Command) => {
      const act = await load();
      exitCode = await act(flags, terminal, [...blank, ...checkArguments(args)]);
    });
  }

  declare(
    'run',
    'report yesterday, or the days asked for',
    async () => (await import('./commands/run.ts')).run,
    [option.day, option.from, option.to],
  )
    .option('--channels <list>', 'livechat,messenger,zalo')
    .option('--look-back <days>', 'ask again for days this long before, such as 1,2,3,7, or none')
    .option('--refresh', `ask ${VENDOR} again for days that are proven already`)
    .option('--resend', 'send again what was sent already')
    .addOption(option.lake)
    .addOption(option.outbox)
    .option('--send', 'send the mail through SES instead, and notify the event bus and the webhooks')
    .addOption(option.locale)
    .option('--json', 'print the summary as JSON, and nothing else');

  declare(
    'demo',
    `report yesterday of a simulated ${VENDOR}; needs no settings`,
    async () => (await import('./commands/demo.ts')).demo,
    [option.locale],
  );

  declare(
    'check',
    'try the settings on the account, and print the findings',
    async () => (await import('./commands/check.ts')).check,
  )
    .option('--json', 'print the findings as JSON, and nothing else')
    .addOption(option.lake)
    .option('--send', 'ask SES, too, whether it would send the mail');

  declare(
    'settings',
    'list the settings: the name, the default and the meaning of each',
    async () => (await import('./commands/settings.ts')).settings,
  );

  declare(
    'serve',
    'show the reports in a browser, and answer the API, on this machine alone',
    async () => (await import('./commands/serve.ts')).serve,
  )
    .option('--port <number>', '0 takes any free port', '8081')
    .addOption(option.lake)
    .addOption(option.locale);

  declare(
    'rebuild',
    'derive tables and reports again from the raw data; asks for nothing',
    async () => (await import('./commands/rebuild.ts')).rebuild,
    [option.day, option.from, option.to, option.lake],
  );

  declare(
    'erase',
    'remove a person from the lake and the outbox, and keep them out from then on',
    async () => (await import('./commands/erase.ts')).erase,
  )
    .option('--customer <id>', `the person, by their id at ${VENDOR}`)
    .option('--phone <number>', 'or by their telephone number')
    .option('--email <address>', 'or by their e-mail address')
    .option('--dry-run', 'change nothing, and print what would be removed')
    .addOption(option.lake)
    .addOption(option.outbox)
    .option('--json', 'print what was removed as JSON, and nothing else');

  declare(
    'simulate',
    `serve a simulated ${VENDOR}`,
    async () => (await import('./commands/simulate.ts')).simulate,
  )
    .option('--port <number>', '0 takes any free port', '8080')
    .option('--seed <number>', 'another seed, another company', '1')
    .option('--chats <number>', 'chats a day over all channels', '700')
    .option('--fault <fault>', 'let it go wrong; may be repeated', collect, [])
    .option('--nights', 'let days change after they are over, and channels be dead for hours or days')
    .addHelpText('after', () => `\n${describeNights()}\n\n${describeFaults()}`);

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUsage;
    terminal.err(`chat-report: ${formatError(error)}\n`);
    return EXIT.unforeseen;
  }
}

/** A blank value, such as that of an unset variable, is a mistake: the user did not ask for the default. */
function dropBlankOptions(command: Command): SettingProblem[] {
  return command.options.flatMap((one) => {
    const name = one.attributeName();
    const value: unknown = command.getOptionValue(name);
    if (typeof value !== 'string' || value.trim() !== '') return [];
    // The value goes, so that no other check reports it, too.
    command.setOptionValue(name, one.defaultValue);
    return [{ of: one.long ?? one.flags, says: 'is blank; give it a value, or leave it out' }];
  });
}

/** No command takes arguments, so each one is a mistake. Unknown options are among them. */
function checkArguments(args: readonly string[]): SettingProblem[] {
  return args.map((argument) => ({
    of: argument,
    says: argument.startsWith('-') ? 'is no option of this command; see --help' : 'is one word too many',
  }));
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
