NAME        
ROWS
 N  Obj     
 L  r0      
 L  r1      
 L  r2      
 L  r3      
 G  r4      
 G  r5      
 L  r6      
 L  r7      
 G  r8      
 G  r9      
 L  r10     
 L  r11     
 G  r12     
 G  r13     
 L  r14     
 L  r15     
 L  r16     
 L  r17     
 L  r18     
 G  r19     
 G  r20     
 G  r21     
 G  r22     
 G  r23     
 G  r24     
 G  r25     
COLUMNS
    c0        Obj       1
    c0        r20       1
    c0        r21       1
    c1        Obj       1
    c1        r22       1
    c1        r23       1
    c2        Obj       1
    c2        r24       1
    c2        r25       1
    c3        Obj       0
    MARK0000  'MARKER'                 'INTORG'
    c4        r4        20
    c4        r5        1
    c4        r6        1
    c5        r4        40
    c5        r5        1
    c5        r7        1
    c5        r16       12
    c6        r8        20
    c6        r9        1
    c6        r10       1
    c7        r8        40
    c7        r9        1
    c7        r11       1
    c7        r17       12
    c8        r12       20
    c8        r13       1
    c8        r14       1
    c9        r12       40
    c9        r13       1
    c9        r15       1
    c9        r18       12
    MARK0001  'MARKER'                 'INTEND'
    c10       r2        1
    c10       r19       1
    MARK0002  'MARKER'                 'INTORG'
    c11       r0        1
    c11       r3        1
    c11       r20       0.5
    c11       r21       -0.5
    c11       r22       0.5
    c11       r23       -0.5
    c12       r1        1
    c12       r2        -1
    c12       r4        -45
    c12       r5        -2
    c12       r6        -3
    c12       r7        -2
    c12       r20       -2
    c12       r21       2
    c12       r22       -2
    c12       r23       2
    c13       r1        1
    c13       r2        -1
    c13       r8        -45
    c13       r9        -2
    c13       r10       -3
    c13       r11       -2
    c13       r20       2
    c13       r21       -2
    c13       r24       -2
    c13       r25       2
    c14       r1        1
    c14       r2        -1
    c14       r12       -45
    c14       r13       -2
    c14       r14       -3
    c14       r15       -2
    c14       r22       2
    c14       r23       -2
    c14       r24       2
    c14       r25       -2
    MARK0003  'MARKER'                 'INTEND'
RHS
    RHS_V     r0        1
    RHS_V     r1        1
    RHS_V     r3        1
    RHS_V     r16       20
    RHS_V     r18       20
    RHS_V     r19       1
BOUNDS
 FX BOUND     c3        1
 UP BOUND     c4        3
 UP BOUND     c5        2
 UP BOUND     c6        3
 UP BOUND     c7        2
 UP BOUND     c8        3
 UP BOUND     c9        2
 UP BOUND     c10       1
 BV BOUND     c11     
 BV BOUND     c12     
 BV BOUND     c13     
 BV BOUND     c14     
ENDATA
