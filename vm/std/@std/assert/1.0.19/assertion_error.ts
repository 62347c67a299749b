/** The error that every failed assertion throws. */
export class AssertionError extends Error {
  /** Always `"AssertionError"`, also where a test runner only sees the name. */
  override name = "AssertionError";
}
