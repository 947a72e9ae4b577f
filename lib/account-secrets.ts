import { CfnOutput, RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib';
import { Secret, type SecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { VENDOR } from '../functions/sources/vendor.ts';
import { tokenSecretName, viewKeySecretName, webhookKeySecretName } from './names.ts';

/**
 * A secret holds this text until an administrator puts the token there. The program refuses it because of its blanks. The
 * text must never change: the next deployment would overwrite every token.
 */
export const TOKEN_PLACEHOLDER = `put the ${VENDOR} token here`;

/** 40 letters and digits are base64 of 30 random bytes. */
const WEBHOOK_KEY_LENGTH = 40;
/** 64 of them are as good as 47 random bytes. */
const VIEW_KEY_LENGTH = 64;

export interface AccountSecretsProps {
  readonly account: string;
  readonly hasWebhooks: boolean;
  readonly hasViews: boolean;
}

/** The account's token, and the keys that its webhooks and the links in its mails are signed with. */
export class AccountSecrets extends Construct {
  readonly token: Secret;
  readonly webhookKey: Secret | null;
  readonly viewKey: Secret | null;

  constructor(scope: Construct, id: string, { account, hasWebhooks, hasViews }: AccountSecretsProps) {
    super(scope, id);
    this.token = this.keep('Token', `${VENDOR} issues it in its own console and has no call to replace it.`, {
      secretName: tokenSecretName(account),
      description: `The ${VENDOR} token of ${account}, and nothing else`,
      secretStringValue: SecretValue.unsafePlainText(TOKEN_PLACEHOLDER),
    });
    this.webhookKey = hasWebhooks
      ? this.keep('WebhookKey', 'Each receiver has a copy: it is replaced together with them.', {
          secretName: webhookKeySecretName(account),
          description: `What the webhooks of ${account} are signed with: base64, to be read as whsec_<this>`,
          generateSecretString: { excludePunctuation: true, passwordLength: WEBHOOK_KEY_LENGTH },
        })
      : null;
    this.viewKey = hasViews
      ? this.keep(
          'ViewKey',
          'It is replaced when a link has got into the wrong hands: that ends all of them.',
          {
            secretName: viewKeySecretName(account),
            description: `What the links in the mails of ${account} are signed with`,
            generateSecretString: { excludePunctuation: true, passwordLength: VIEW_KEY_LENGTH },
          },
        )
      : null;
  }

  private keep(id: string, whyNotRotated: string, props: SecretProps): Secret {
    const secret = new Secret(this, id, {
      ...props,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: whyNotRotated });
    new CfnOutput(this, `${id}Name`, { value: props.secretName ?? '', description: props.description ?? '' });
    return secret;
  }
}
