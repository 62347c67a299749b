/**
 * A rule for `deno lint`: what people read is said through the tag `t` of
 * lib/cli/translate.ts, or no catalogue of another language can hold it.
 *
 * It looks where sentences are said: at what is given to `say`, `tell` and
 * `new Problem`, and at what a task and its options say of themselves.
 */

/** Who says to people what is given to them. */
const SPEAKERS = ["say", "tell", "Problem"];

/** A sentence or a piece of one: two words of letters, one after the other. */
const WORDS = /[A-Za-z]{2,}[,:;.]? [a-z]{2,}/;

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    sentences: {
      create(context) {
        /** The untagged texts that an expression may be. */
        function check(node: Deno.lint.Node | null): void {
          switch (node?.type) {
            case "Literal":
              if (typeof node.value === "string") report(node, node.value);
              break;
            case "TemplateLiteral":
              report(node, node.quasis.map(({ raw }) => raw).join("X"));
              break;
            case "ConditionalExpression":
              check(node.consequent);
              check(node.alternate);
              break;
            case "BinaryExpression":
              if (node.operator === "+") [node.left, node.right].forEach(check);
              break;
            case "ArrayExpression":
              node.elements.forEach(check);
          }
        }
        function report(node: Deno.lint.Node, text: string): void {
          if (!WORDS.test(text)) return;
          context.report({
            node,
            message: "A sentence for people that no translation can hold.",
            hint: "Write t`…`, see lib/cli/translate.ts.",
          });
        }
        function called(callee: Deno.lint.Expression, args: unknown[]): void {
          if (callee.type !== "Identifier") return;
          if (!SPEAKERS.includes(callee.name)) return;
          (args as Deno.lint.Node[]).forEach(check);
        }
        return {
          CallExpression: ({ callee, arguments: args }) => called(callee, args),
          NewExpression: ({ callee, arguments: args }) => called(callee, args),
          Property({ key, value }) {
            if (key.type === "Identifier" && key.name === "about") {
              check(value as Deno.lint.Node);
            }
          },
        };
      },
    },
  },
};

export default plugin;
