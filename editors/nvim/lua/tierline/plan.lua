-- Plan documents: each step folds to its first line, so that the whole plan is seen at once, and deleting a fold deletes a step.

local M = {}

--- The fold that a line belongs to, for 'foldexpr'.
function M.fold(number)
  local line = vim.fn.getline(number)
  if line:find('^%- %[') or line:find('^<!%-%- tierline plan') then
    return '>1'
  end
  -- What stands further in goes on with the step; so do the files and symbols that the plan was made for, with their comment.
  if line == '' or line:find('^%s') or line:find('^file ') or line:find('^symbol ') or line:find('^%-%->') then
    return '='
  end
  return '0'
end

--- Folds a plan in the window that shows it.
function M.show(buffer)
  local window = vim.fn.bufwinid(buffer)
  if window == -1 then
    return
  end
  local options = vim.wo[window][0]
  options.foldmethod, options.foldexpr = 'expr', "v:lua.require'tierline.plan'.fold(v:lnum)"
  options.foldtext, options.foldlevel, options.foldenable = '', 0, true
end

return M
