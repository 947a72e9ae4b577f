import { Aws } from 'aws-cdk-lib';

/**
 * ARNs as text, `arn:<AWS::Partition>:…`: where a stack is deployed is not known before. It is how cdk-nag writes them, so
 * that what it finds can be answered to.
 */
export type ArnText = `arn:<AWS::Partition>:${string}`;

/** Of something in the account and Region that the stack is in. */
export function arnText(service: string, resource: string): ArnText {
  return `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;
}

export function toArn(text: string): string {
  return text
    .replaceAll('<AWS::Partition>', Aws.PARTITION)
    .replaceAll('<AWS::Region>', Aws.REGION)
    .replaceAll('<AWS::AccountId>', Aws.ACCOUNT_ID);
}
