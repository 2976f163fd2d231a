/* Eva: where every proof's analysis begins. It has to get to the end: where what is taken for
   granted contradicts itself, nothing behind it is looked at, and nothing found. */
int main(void);

int entry(void)
{
    int end = main();

    /*@ check reached: \false; */
    return end;
}
