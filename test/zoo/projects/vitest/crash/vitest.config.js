export default { test: { pool: 'forks' } };
