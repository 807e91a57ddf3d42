# A figure against the message size, with the intervals of its medians. Columns: size, figure, low, high.
set logscale x 2
set logscale y 10
set xtics ('1 B' 1, '8 B' 8, '64 B' 64, '512 B' 512, '4 KiB' 4096, '32 KiB' 32768, '256 KiB' 262144, '2 MiB' 2097152, \
           '16 MiB' 16777216, '128 MiB' 134217728)
set offsets graph 0.02, graph 0.02, 0, 0
set format y '%.0s %c@UNIT@'
plot for [i=0:@SERIES@-1] '@NAME@.dat' index i using 1:($2*@SCALE@):($3*@SCALE@):($4*@SCALE@) \
       with yerrorlines linestyle Style[i+1] title columnheader(1), \
     for [i=@SERIES@:@SERIES@+@FLOORS@-1] '@NAME@.dat' index i using 1:($2*@SCALE@) \
       with lines linestyle 99 title columnheader(1)
