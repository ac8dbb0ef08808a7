using TorchSharp;
using Understudy.Networks.Ops;

namespace Understudy.Tests;

/// <summary>
/// Tests that touch libtorch: one after another, on one thread, so that their bits do not depend on the machine.
/// </summary>
[CollectionDefinition("torch", DisableParallelization = true)]
public sealed class TorchCollection : ICollectionFixture<OneThread>;

public sealed class OneThread
{
    public OneThread()
    {
        HiddenCaches.Mend();
        torch.set_num_threads(1);
    }
}
