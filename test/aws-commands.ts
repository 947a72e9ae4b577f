import type { ShellCommand } from './shell-commands.ts';

/** The clients that are installed, by the names that the AWS CLI has for their services. */
const CLIENTS: Readonly<Record<string, () => Promise<object>>> = {
  cloudformation: () => import('@aws-sdk/client-cloudformation'),
  cloudwatch: () => import('@aws-sdk/client-cloudwatch'),
  events: () => import('@aws-sdk/client-eventbridge'),
  lambda: () => import('@aws-sdk/client-lambda'),
  s3api: () => import('@aws-sdk/client-s3'),
  scheduler: () => import('@aws-sdk/client-scheduler'),
  secretsmanager: () => import('@aws-sdk/client-secrets-manager'),
  ses: () => import('@aws-sdk/client-ses'),
  sesv2: () => import('@aws-sdk/client-sesv2'),
  sns: () => import('@aws-sdk/client-sns'),
  sqs: () => import('@aws-sdk/client-sqs'),
};

/** Commands of the CLI that are no operation of a service. */
const OF_THE_CLI: Readonly<Record<string, readonly string[]>> = { s3: ['cp'] };
/** Flags that every operation takes. */
export const EVERYWHERE = ['cli-binary-format', 'max-items', 'output', 'profile', 'query', 'region'];

/** Members that the CLI spells otherwise, since all its commands have an option of that name. */
const RENAMED: Readonly<Record<string, string>> = { 'sns subscribe endpoint': 'notification-endpoint' };

/** @param command what follows `aws` @returns what the CLI would not understand of it */
export async function checkAws([service = '', operation = '', ...rest]: ShellCommand): Promise<string[]> {
  if (OF_THE_CLI[service]?.includes(operation) === true) return [];
  const flags = await flagsOf(service, operation);
  if (flags === null) return [`aws ${service} has no operation ${operation}`];
  const used = rest.filter((word) => word.startsWith('--')).map((word) => word.slice(2));
  const known = [...flags, ...EVERYWHERE];
  return used
    .filter((flag) => !(known.includes(flag) || known.includes(flag.replace(/^no-/, ''))))
    .map((flag) => `aws ${service} ${operation} has no --${flag}`);
}

async function flagsOf(service: string, operation: string): Promise<readonly string[] | null> {
  const client = Object.entries((await CLIENTS[service]?.()) ?? {});
  for (const [name, command] of client) {
    if (!name.endsWith('Command') || kebab(name.slice(0, -'Command'.length)) !== operation) continue;
    return membersOf(new command({}).schema[4]).map(
      (member) => RENAMED[`${service} ${operation} ${kebab(member)}`] ?? kebab(member),
    );
  }
  return null;
}

/** A schema of the SDK is a list, or what gives one: its fifth place has the names of the members. */
function membersOf(schema: unknown): string[] {
  const shape: unknown = typeof schema === 'function' ? schema() : schema;
  const names: unknown = Array.isArray(shape) ? shape[4] : undefined;
  return Array.isArray(names) ? names.map(String) : [];
}

/** As the AWS CLI spells operations and members. */
function kebab(name: string): string {
  const parted = name.replaceAll(/(.)([A-Z][a-z]+)/g, '$1-$2').replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2');
  return parted.toLowerCase();
}
