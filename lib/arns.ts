import { Aws } from 'aws-cdk-lib';

/** The text with the place of the deployment in it, which CloudFormation fills in. It stands apart: CDK is slow to load. */
export function toArn(text: string): string {
  return text
    .replaceAll('<AWS::Partition>', Aws.PARTITION)
    .replaceAll('<AWS::Region>', Aws.REGION)
    .replaceAll('<AWS::AccountId>', Aws.ACCOUNT_ID);
}
