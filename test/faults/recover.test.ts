import { testRow } from './test-cells.ts';

testRow('recover');
