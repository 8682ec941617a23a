import {
  App,
  CliCredentialsStackSynthesizer,
  type IStackSynthesizer,
  RemovalPolicy,
  Stack,
} from 'aws-cdk-lib';
import { Dibs } from '../../cdk/index.ts';

/** Where the emulator enforces IAM, it takes assets from the caller alone, not from roles of the bootstrap. */
const app = new App();
const synthesizer = new CliCredentialsStackSynthesizer() as IStackSynthesizer;
const stack = new Stack(app, 'DibsIam', { synthesizer });
new Dibs(stack, 'Dibs', { removalPolicy: RemovalPolicy.DESTROY });
