import { testRow } from './test-cells.ts';

testRow('open');
