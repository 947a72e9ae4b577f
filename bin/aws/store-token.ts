import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT } from './asking.ts';

/** @throws the SDK's error where the secret cannot be written */
export async function storeToken(secret: string, token: string): Promise<void> {
  const client = new SecretsManagerClient(CLIENT);
  await client.send(new PutSecretValueCommand({ SecretId: secret, SecretString: token }));
}
