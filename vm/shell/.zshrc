# What the shells of `./lab shell` begin with. (zsh insists on this name.) A
# shell that one starts from there is nobody's but the user's: nothing of this
# is exported.
PS1=$LAB_PROMPT
unset LAB_PROMPT PROMPT_COMMAND ENV ZDOTDIR
