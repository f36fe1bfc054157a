" A session of Vim 9 with ALE, an old-fashioned client: vim -N -u session.vim -i NONE -n
"
" ALE announces neither edits that a server sends nor code actions as literals: it gets hovers as plain text, and commands. What it was
" told is in $SESSION_OUT/session.log. It needs a terminal, which `script` gives it.
set runtimepath^=/usr/share/vim-ale hidden nomore noswapfile
filetype plugin on
let g:ale_linters = {'python': []}
let g:ale_floating_preview = 0
let g:ale_hover_to_preview = 1
let g:ale_cursor_detail = 0
let s:lines = []
let s:failed = 0

func! Check(name, held, ...) abort
  let s:failed += a:held ? 0 : 1
  call add(s:lines, a:held ? 'ok   ' . a:name : 'FAIL ' . a:name . ': ' . string(a:000))
endfunc

func! Until(condition) abort
  for step in range(600)
    if eval(a:condition)
      return 1
    endif
    sleep 50m
  endfor
  return 0
endfunc

" The lines of the preview window, in which ALE shows a hover.
func! Preview() abort
  for window in range(1, winnr('$'))
    if getwinvar(window, '&previewwindow')
      return join(getbufline(winbufnr(window), 1, '$'), "\n")
    endif
  endfor
  return ''
endfunc

func! Session() abort
  try
    call system('python3 ' . $SESSION_ROOT . '/tests/editors/workspace.py write ' . $SESSION_WORKSPACE)
    call ale#linter#Define('python', {'name': 'tierline', 'lsp': 'stdio', 'executable': 'tierline', 'command': '%e lsp', 'language': 'python', 'project_root': $SESSION_WORKSPACE})
    let g:ale_linters = {'python': ['tierline']}
    execute 'edit' $SESSION_WORKSPACE . '/shapes.py'
    ALELint
    call cursor(14, 6)
    " The first answers may come before the index is there.
    for attempt in range(20)
      pclose
      ALEHover
      if Until('Preview() =~# "3 files"')
        break
      endif
    endfor
    call Check('hover says who uses it', Preview() =~# '3 files' && Preview() =~# 'describe', Preview())
    call Check('in plain text', Preview() !~# '`', Preview())
    pclose
    " What ALE cannot receive is offered as a command, and answered by one: an explanation, whose file is named in a message.
    call feedkeys(":ALECodeAction\<CR>", 'n')
    call timer_start(1500, {-> feedkeys("1\<CR>", 'n')})
    call timer_start(4000, {-> Done()})
  catch
    call Check('the session goes to its end', 0, v:exception, v:throwpoint)
    call Done()
  endtry
endfunc

func! Done() abort
  let file = glob($XDG_STATE_HOME . '/tierline/documents/*.md', 0, 1)
  call Check('the chosen action was carried out: an explanation is written', len(file) == 1 && file[0] =~# 'total', file)
  call Check('no text was changed', !&modified)
  call writefile(s:lines, $SESSION_OUT . '/checks.txt')
  execute s:failed ? 'cquit' : 'qall!'
endfunc

autocmd VimEnter * call timer_start(100, {-> Session()})
