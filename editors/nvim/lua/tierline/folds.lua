-- Documents that the server opens, folded so that all of one is seen at once: a plan by its steps, where deleting a fold deletes a step,
-- and a diff by its files.

local M = {}

--- The fold that a line of a plan belongs to, for 'foldexpr'.
function M.of_plan(number)
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

--- The fold that a line of a document with a diff belongs to, for 'foldexpr'.
function M.of_diff(number)
  local line = vim.fn.getline(number)
  if line:find('^%-%-%- a/') and vim.fn.getline(number + 1):find('^%+%+%+ b/') then
    return '>1'
  end
  return line:find('^```') and '0' or '='
end

--- What stands for the diff of a file that is folded: how many lines go and come, and its path.
function M.text_of_diff()
  local gone, come = 0, 0
  for _, line in ipairs(vim.fn.getline(vim.v.foldstart + 2, vim.v.foldend)) do
    gone = gone + (line:sub(1, 1) == '-' and 1 or 0)
    come = come + (line:sub(1, 1) == '+' and 1 or 0)
  end
  return ('%5s %5s  %s'):format('-' .. gone, '+' .. come, vim.fn.getline(vim.v.foldstart):sub(7))
end

local forms = {
  { folder = '/tierline/plans/', by = 'of_plan', text = '' },
  { folder = '/tierline/documents/', by = 'of_diff', text = "v:lua.require'tierline.folds'.text_of_diff()" },
}

--- Folds a document that the server opened, in the window that shows it.
function M.show(buffer)
  local window, name = vim.fn.bufwinid(buffer), vim.api.nvim_buf_get_name(buffer)
  for _, form in ipairs(forms) do
    if window ~= -1 and name:find(form.folder, 1, true) then
      local options = vim.wo[window][0]
      options.foldmethod, options.foldexpr = 'expr', ("v:lua.require'tierline.folds'.%s(v:lnum)"):format(form.by)
      options.foldtext, options.foldlevel, options.foldenable = form.text, 0, true
    end
  end
end

return M
