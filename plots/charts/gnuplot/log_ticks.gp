# Decades alone would leave a narrow range of a logarithmic axis without a number.
Ratio = 1.0*@HIGH@/@LOW@
if (Ratio < 30) {
  Digits = Ratio < 6 ? '1 2 3 4 5 6 7 8 9' : '1 2 3 5 7'
  set ytics ('' 1)
  do for [decade=-12:9] {
    do for [digit in Digits] {
      Tic = digit*10.0**decade
      set ytics add (gprintf('%.0s %c@UNIT@', Tic) Tic)
    }
  }
}
