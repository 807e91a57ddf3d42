# A figure for each of many, on a logarithmic scale. Columns: label, figure.
set logscale y 10
@YTICS@
set xtics scale 0.5 rotate by 45 right
set xrange [-0.5:@ROWS@-0.5]
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using 0:($2*@SCALE@):xtic(1) \
       with points linestyle Style[i+1] pointsize 1 title columnheader(1)
