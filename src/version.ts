/** One version everywhere: a test holds it equal to package.json and to every manifest. */
export const version = '0.1.0';
