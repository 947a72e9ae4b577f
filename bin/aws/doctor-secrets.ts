import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { settingsSchema } from '../../functions/config/settings.ts';
import { type Finding, fail, ok } from '../../functions/sources/caresoft/diagnostics/probe.ts';
import { TOKEN_PLACEHOLDER } from '../../lib/names.ts';
import { explainToken } from '../settings/token.ts';
import { toClock } from '../status/words.ts';
import type { AccountOnAws } from './account-on-aws.ts';
import { CLIENT, examineOne } from './asking.ts';

/** Whether the secrets can be read and are what they must be. No text of a secret is told. */
export async function examineSecrets(onAws: AccountOnAws): Promise<Finding[]> {
  const { TokenSecret, WebhookKeySecret, ViewKeySecret } = onAws.stacks.state.outputs;
  const client = new SecretsManagerClient(CLIENT);
  const asked = [
    ...(TokenSecret === undefined ? [] : [examineToken(TokenSecret, client, onAws)]),
    ...(WebhookKeySecret === undefined
      ? []
      : [examineKey('webhook-key', WebhookKeySecret, isWebhookKey, client)]),
    ...(ViewKeySecret === undefined ? [] : [examineKey('view-key', ViewKeySecret, isViewKey, client)]),
  ];
  return (await Promise.all(asked)).flat();
}

const READ = 'secretsmanager:GetSecretValue';

function examineToken(
  name: string,
  client: SecretsManagerClient,
  { account, toCommand }: AccountOnAws,
): Promise<readonly Finding[]> {
  const id = 'token';
  return examineOne(id, `${READ} and secretsmanager:DescribeSecret on ${name}`, async () => {
    const [{ LastChangedDate: changed }, text] = await Promise.all([
      client.send(new DescribeSecretCommand({ SecretId: name })),
      readText(name, client),
    ]);
    const at = changed === undefined ? '' : `, changed last at ${toClock(changed.toISOString(), account)}`;
    const wrong = text.trim() === TOKEN_PLACEHOLDER ? 'is not stored yet' : explainToken(text);
    if (wrong === null) return [ok(id, `The token is stored (${name}${at}).`)];
    return [fail(id, `The token ${wrong} (${name}${at}).`, `${toCommand('token')} --file <file>`)];
  });
}

function examineKey(
  id: string,
  name: string,
  isKey: (text: string) => boolean,
  client: SecretsManagerClient,
): Promise<readonly Finding[]> {
  return examineOne(id, `${READ} on ${name}`, async () => {
    if (isKey(await readText(name, client))) return [ok(id, `The ${id} can be read (${name}).`)];
    const says = `The ${id} is no key that signs (${name}).`;
    const todo = `put 64 letters and digits there: aws secretsmanager put-secret-value --secret-id ${name} --secret-string file://<file>`;
    return [fail(id, says, todo)];
  });
}

const webhookSchema = settingsSchema.pick({ WEBHOOK_KEY: true });
const viewSchema = settingsSchema.pick({ VIEW_KEY: true });

function isWebhookKey(text: string): boolean {
  return webhookSchema.safeParse({ WEBHOOK_KEY: text.startsWith('whsec_') ? text : `whsec_${text}` }).success;
}

function isViewKey(text: string): boolean {
  return viewSchema.safeParse({ VIEW_KEY: text }).success;
}

async function readText(name: string, client: SecretsManagerClient): Promise<string> {
  const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: name }));
  return text.trim();
}
