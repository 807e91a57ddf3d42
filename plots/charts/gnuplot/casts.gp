# A figure of casts against the number of seats or the time of service, with the intervals of its medians. Columns:
# number, figure, low, high. What is measured at 0 stands left of all else. The last block may be a ratio of rows.
set logscale x 10
set xtics (@XTICS@)
set offsets graph 0.03, graph 0.03, 0, 0
set autoscale xfix
At(number) = number > 0 ? number : @ZERO@
if (@LINEAR@) {
  set yrange [@LOW@:@HIGH@]
} else {
  set logscale y 10
  set format y '%.0s %c@UNIT@'
  Step = (Ratio > 1.1 ? Ratio : 1.1)**0.04
  set yrange [@LOW@*@SCALE@/Step:@HIGH@*@SCALE@*Step]
}
# An axis at the right without a figure would be an error.
if (@SPREADS@) {
  set border 11
  set y2tics
  set y2label 'highest rate / lowest rate'
  set y2range [1:*]
  plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using (At($1)):($2*@SCALE@):($3*@SCALE@):($4*@SCALE@) \
         with yerrorlines linestyle Style[i+1] title columnheader(1), \
       '@NAME@.dat' index @SERIES@ using (At($1)):2:3:4 axes x1y2 \
         with yerrorlines linestyle 99 pointtype 2 title columnheader(1)
} else {
  plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using (At($1)):($2*@SCALE@):($3*@SCALE@):($4*@SCALE@) \
         with yerrorlines linestyle Style[i+1] title columnheader(1)
}
