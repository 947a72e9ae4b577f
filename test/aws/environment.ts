/** The environment of a program whose AWS is these servers. */
export function environmentOf(servers: Readonly<Record<'s3' | 'ses' | 'secrets', { readonly url: string }>>) {
  return {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_S3: servers.s3.url,
    AWS_ENDPOINT_URL_SES: servers.ses.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: servers.secrets.url,
  };
}
