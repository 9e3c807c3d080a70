using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;

namespace CredBroker.Broker;

/// <summary>
/// The connections of one listener, so many and no more. Against one who opens connections and says nothing, to keep others out: who comes when all
/// places are taken gets that of whoever is idle the longest. A request that is being answered keeps its place, for as long as an answer can take: whoever asks
/// and never reads is not being answered.
/// </summary>
internal sealed class ConnectionPlaces(BoundListener listener, int maximum, TimeProvider clock)
{
    /// <summary>Far beyond what it takes to wait for STS and the disk, and beyond what any SDK waits.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly HashSet<Place> _places = [];

    /// <summary>As connection middleware: the place is a feature of the connection.</summary>
    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        Place place = new(connection, listener, clock);
        if (!TryEnter(place))
        {
            connection.Abort();
            return;
        }

        try
        {
            connection.Features.Set(place);
            connection.Features.Set(listener);
            await next(connection);
        }
        finally
        {
            lock (_lock) _places.Remove(place);
        }
    };

    private bool TryEnter(Place place)
    {
        Place? evicted = null;
        lock (_lock)
        {
            if (_places.Count >= maximum)
            {
                evicted = FindIdlest();
                if (evicted is null) return false;
                _places.Remove(evicted);
            }

            _places.Add(place);
        }

        evicted?.Connection.Abort(new ConnectionAbortedException("idle, and others wait"));
        return true;
    }

    private Place? FindIdlest()
    {
        Place? idlest = null;
        foreach (Place place in _places)
        {
            if (!place.IsBeingAnswered && (idlest is null || place.LastUsed < idlest.LastUsed)) idlest = place;
        }

        return idlest;
    }

    internal sealed class Place(ConnectionContext connection, BoundListener listener, TimeProvider clock)
    {
        private volatile bool _hasRequest;
        private long _lastUsed = clock.GetTimestamp();

        public ConnectionContext Connection => connection;

        public BoundListener Listener => listener;

        public bool IsBeingAnswered => _hasRequest && clock.GetElapsedTime(LastUsed) < AnswerLimit;

        /// <summary>When its last request came in or was answered.</summary>
        public long LastUsed => Volatile.Read(ref _lastUsed);

        /// <summary>A request has come in whole.</summary>
        public void Enter()
        {
            Volatile.Write(ref _lastUsed, clock.GetTimestamp());
            _hasRequest = true;
        }

        public void Leave()
        {
            Volatile.Write(ref _lastUsed, clock.GetTimestamp());
            _hasRequest = false;
        }
    }
}
