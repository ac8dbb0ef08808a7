using TorchSharp;
using Understudy.Networks.Ops.Kernels;

namespace Understudy.Tests.Networks.Ops.Kernels;

[Collection("torch")]
public sealed class WorkersTests
{
    [Theory]
    [InlineData(1, 5), InlineData(2, 7), InlineData(2, 1), InlineData(3, 100)]
    public unsafe void Run_AnyThreads_DoesEveryItemOnce(int threads, int count)
    {
        var done = new int[count];
        torch.set_num_threads(threads);
        try
        {
            fixed (int* at = done)
            {
                var job = new Mark((nint)at);
                Workers.Run(ref job, count);
            }
        }
        finally
        {
            torch.set_num_threads(1);
        }

        Assert.All(done, times => Assert.Equal(1, times));
    }

    [Fact]
    public void AreShared_OnLinux_IsTrue()
    {
        using var loadsLibtorch = torch.zeros(1);

        Assert.Equal(OperatingSystem.IsLinux(), Workers.AreShared);
    }

    private readonly unsafe struct Mark(nint counts) : IJob
    {
        public void Run(int from, int to)
        {
            for (int i = from; i < to; i++) Interlocked.Increment(ref ((int*)counts)[i]);
        }
    }
}
