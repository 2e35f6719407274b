import fc from 'fast-check';

/** The gate tries the same cases on every machine; `FUZZ_SEED=7 npm test` tries others. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20_260_101) });
