import { testColumn } from './test-cells.ts';

testColumn('process frozen past its lease');
