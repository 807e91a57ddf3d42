# Begins every chart. Names come from result files: nothing in them is markup.
set encoding utf8
set micro
set datafile separator tab
set termoption noenhanced
set border 3 linewidth 1 linecolor rgb '#555555'
set tics nomirror textcolor rgb '#222222'
set grid xtics ytics linetype 1 linewidth 0.6 linecolor rgb '#d8d8d8'
set key outside right top vertical Left reverse samplen 2 spacing 1.15
set title '@TITLE@'
set xlabel '@XLABEL@'
set ylabel '@YLABEL@'
array Style[@SERIES@] = [@STYLES@]
# Colors that the color-blind tell apart (Okabe and Ito, 2008, and two more), each with a mark of its own.
set style line 1 linewidth 1.6 pointsize 0.8 pointtype 7 linecolor rgb '#000000'
set style line 2 linewidth 1.6 pointsize 0.8 pointtype 5 linecolor rgb '#e69f00'
set style line 3 linewidth 1.6 pointsize 0.9 pointtype 9 linecolor rgb '#56b4e9'
set style line 4 linewidth 1.6 pointsize 0.9 pointtype 11 linecolor rgb '#009e73'
set style line 5 linewidth 1.6 pointsize 0.9 pointtype 13 linecolor rgb '#d55e00'
set style line 6 linewidth 1.6 pointsize 0.8 pointtype 4 linecolor rgb '#0072b2'
set style line 7 linewidth 1.6 pointsize 0.8 pointtype 6 linecolor rgb '#cc79a7'
set style line 8 linewidth 1.6 pointsize 0.9 pointtype 8 linecolor rgb '#7a6a00'
set style line 9 linewidth 1.6 pointsize 0.9 pointtype 10 linecolor rgb '#5e3c99'
set style line 10 linewidth 1.6 pointsize 0.9 pointtype 12 linecolor rgb '#888888'
set style line 99 linewidth 1.2 dashtype 2 linecolor rgb '#888888'
