/** A web server on port 80 that tells whoever asks by which address it sees him. */

Deno.serve(
  {
    port: 80,
    onListen: () => console.log("Listening on port 80"),
  },
  (_request, { remoteAddr }) => new Response(`Hello ${remoteAddr.hostname}\n`),
);
